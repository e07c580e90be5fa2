local concat = require("table").concat

local words = { input_str, ) }
return concat(words)
