std::string text;

text.at(7);
return text;
