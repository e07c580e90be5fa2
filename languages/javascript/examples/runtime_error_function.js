const nothing = null;

return nothing.length;
