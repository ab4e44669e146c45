/** The part of idiomorph that our modules set. */
interface IdiomorphCallbacks {
  beforeAttributeUpdated(name: string, node: Element, kind: "update" | "remove"): boolean;
  beforeNodeMorphed(old: Node, fresh: Node): boolean;
}
declare const Idiomorph: { defaults: { callbacks: IdiomorphCallbacks } };
