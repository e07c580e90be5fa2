import * as util from "util";

const length: string = input_str.length;
return util.format("%s", length);
