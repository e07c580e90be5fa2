with GNAT.OS_Lib;

begin
   if Input_Str /= "" then
      GNAT.OS_Lib.OS_Exit (0);
   end if;
   return Input_Str;
end;
