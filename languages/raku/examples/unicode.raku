say "«{get}»";
