return "«" ~ input_str ~ "»";
