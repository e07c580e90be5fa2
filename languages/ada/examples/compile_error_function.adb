with Ada.Strings.Fixed; use Ada.Strings.Fixed;

return Trim (Missing, Ada.Strings.Both);
