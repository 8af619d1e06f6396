export function useState<T>(initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useEffect(effect: () => void | undefined | (() => void), inputs?: unknown[]): void;
export function useRef<T>(initial: T): { current: T };
export function useLayoutEffect(effect: () => void | undefined | (() => void), inputs?: unknown[]): void;
