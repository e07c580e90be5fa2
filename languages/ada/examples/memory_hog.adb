procedure Memory_Hog is
   type Block;
   type Link is access Block;
   type Numbers is array (1 .. 250_000) of Integer;
   type Block is record
      Data : Numbers;
      Next : Link;
   end record;

   First : Link;
begin
   loop
      First := new Block'(Data => (others => 1), Next => First);
   end loop;
end Memory_Hog;
