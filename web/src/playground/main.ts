import { h } from "../shared/dom.ts";
import { Editor } from "../shared/editor.ts";

const parent = h("div");
document.body.append(h("main", {}, h("h1", {}, "Code Runner playground"), parent));
new Editor({ parent, text: "return input_str", language: "python", label: "Code" });
