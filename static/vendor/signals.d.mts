export interface Signal<T> {
  value: T;
  subscribe(hear: (value: T) => void): () => void;
}
export function signal<T>(value: T): Signal<T>;
export function computed<T>(compute: () => T): Signal<T>;
export function batch(run: () => void): void;
export function effect(run: () => void): () => void;
