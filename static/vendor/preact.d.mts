export type VNode = object;
export function h(type: any, props?: any, ...children: any[]): VNode;
export function render(node: any, parent: Element): void;
