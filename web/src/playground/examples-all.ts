/// The examples of all languages, by their path. Apart from the page, which needs only one of them, and only at first.

export const EXAMPLES: Record<string, string> = import.meta.glob("../../../languages/*/examples/{square,sum}.*", {
  query: "?raw",
  import: "default",
  eager: true,
});
