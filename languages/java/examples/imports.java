import java.util.*;
import java.util.stream.Collectors;

List<Integer> numbers = new ArrayList<>();
for (String word : input_str.split(" ")) {
    numbers.add(Integer.valueOf(word));
}
Collections.sort(numbers);
return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
