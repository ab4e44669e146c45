/** The part of a service worker's world that the survey's worker uses; the DOM library has no types for it. */
interface SurveyEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface SurveyFetch extends SurveyEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface SurveyWorker {
  readonly KEEP: { version: string; assets: string[] };
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listener: (event: SurveyEvent) => void): void;
  addEventListener(name: "fetch", listener: (event: SurveyFetch) => void): void;
}
