import java.util.*;

int number = "one";
return String.valueOf(number);
