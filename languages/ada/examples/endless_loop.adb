procedure Endless_Loop is
begin
   loop
      null;
   end loop;
end Endless_Loop;
