import java.util.*;
List<String> words = new ArrayList<>();
int number = words;
return input_str;
