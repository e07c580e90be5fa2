with Ada.Containers.Vectors;
with Ada.Strings.Fixed;     use Ada.Strings.Fixed;
with Ada.Strings.Unbounded; use Ada.Strings.Unbounded;

   package Integer_Vectors is new Ada.Containers.Vectors (Positive, Integer);
   package Sorting is new Integer_Vectors.Generic_Sorting;

   Numbers : Integer_Vectors.Vector;
   Start   : Positive := Input_Str'First;
   Space   : Natural;
   Answer  : Unbounded_String;
begin
   loop
      Space := Index (Input_Str, " ", From => Start);
      exit when Space = 0;
      Numbers.Append (Integer'Value (Input_Str (Start .. Space - 1)));
      Start := Space + 1;
   end loop;
   Numbers.Append (Integer'Value (Input_Str (Start .. Input_Str'Last)));

   Sorting.Sort (Numbers);

   for Number of Numbers loop
      if Answer /= "" then
         Append (Answer, " ");
      end if;
      Append (Answer, Trim (Integer'Image (Number), Ada.Strings.Left));
   end loop;
   return To_String (Answer);
end;
