with Ada.Strings;       use Ada.Strings;
with Ada.Strings.Fixed; use Ada.Strings.Fixed;

   Number : constant Integer := Integer'Value (Input_Str);
begin
   return Trim (Integer'Image (Number ** 2), Left);
end;
