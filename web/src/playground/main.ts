import { h } from "../shared/dom.ts";
import { Editor } from "../shared/editor.ts";
document.body.append(h("h1", {}, "Code Runner playground"));
const parent = h("div");
document.body.append(parent);
new Editor({ parent, text: "return input_str", language: "python", label: "Code" });
