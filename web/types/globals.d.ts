/** The part of htmx that our modules call. */
interface Htmx {
  ajax(verb: string, path: string, context: Record<string, unknown>): Promise<void>;
  process(element: Element): void;
  trigger(element: Element | string, name: string, detail?: unknown): boolean;
}
declare const htmx: Htmx;
