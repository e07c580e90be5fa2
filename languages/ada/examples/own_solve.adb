function Solve (Input_Str : String) return String is

   function Twice (Text : String) return String is (Text & Text);

begin
   return Twice (Input_Str);
end Solve;
