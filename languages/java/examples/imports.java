import java.util.Arrays;
import java.util.stream.Collectors;

return Arrays.stream(input_str.split(" "))
    .map(Integer::valueOf)
    .sorted()
    .map(String::valueOf)
    .collect(Collectors.joining(" "));
