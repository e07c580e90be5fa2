@include "join"

return input_str +* 2
