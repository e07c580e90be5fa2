package coderunner.warm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.*;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What programs do, so that a JVM has done it before and a compiler has compiled it. */
public class Sample {
    interface Shape {
        double area();
    }

    static class Circle implements Shape {
        private final double radius;

        Circle(double radius) {
            this.radius = radius;
        }

        @Override
        public double area() {
            return Math.PI * radius * radius;
        }
    }

    enum Colour {
        RED, GREEN;

        Colour next() {
            return values()[(ordinal() + 1) % values().length];
        }
    }

    static class Node<T extends Comparable<T>> {
        final T value;
        Node<T> left;
        Node<T> right;

        Node(T value) {
            this.value = value;
        }

        void add(T other) {
            if (other.compareTo(value) < 0) {
                if (left == null) {
                    left = new Node<>(other);
                } else {
                    left.add(other);
                }
            } else if (right == null) {
                right = new Node<>(other);
            }
        }
    }

    static int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    public static void main(String[] args) throws IOException {
        Scanner scanner = new Scanner(System.in);
        int count = scanner.nextInt();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(scanner.nextInt());
        }
        scanner.nextLine();
        while (scanner.hasNextLine()) {
            String[] words = scanner.nextLine().trim().split("\\s+");
            System.out.println(words.length + " " + String.join("-", words).toUpperCase());
        }

        Map<String, Integer> counts = new HashMap<>();
        for (int number : numbers) {
            counts.merge("k" + number % 3, 1, Integer::sum);
        }
        for (Map.Entry<String, Integer> entry : new TreeMap<>(counts).entrySet()) {
            System.out.print(entry.getKey() + "=" + entry.getValue() + " ");
        }
        System.out.println(numbers.stream().filter(n -> n > 2).map(n -> n * n).sorted().collect(Collectors.toList()));
        System.out.println(IntStream.rangeClosed(1, 5).mapToObj(Integer::toString).collect(Collectors.joining(", ")));
        System.out.printf("%s %d %.2f%n", counts, fibonacci(8), new Circle(2).area());

        int[] array = {3, 1, 2};
        Arrays.sort(array);
        numbers.sort(Comparator.reverseOrder());
        long[][] grid = new long[3][4];
        StringBuilder text = new StringBuilder(Arrays.toString(array));
        Deque<Integer> queue = new ArrayDeque<>(numbers);
        PriorityQueue<int[]> heap = new PriorityQueue<>((a, b) -> a[0] - b[0]);
        while (!queue.isEmpty()) {
            int number = queue.poll();
            heap.add(new int[] {number, 1});
            grid[number % 3][1] += number;
            text.append(number).append(' ');
        }
        Set<Character> letters = new HashSet<>();
        for (char letter : text.toString().toCharArray()) {
            letters.add(letter);
        }
        try {
            Integer.parseInt("x");
        } catch (NumberFormatException error) {
            System.out.println(error.getMessage() + letters.size());
        } finally {
            text.append('!');
        }
        switch (Colour.RED.next()) {
            case RED:
                break;
            default:
                text.append(Long.parseLong("7") << 2);
        }
        Function<Integer, Integer> twice = n -> {
            int result = n;
            result *= 2;
            return result;
        };
        new Node<>(5).add(twice.apply(3));
        Object shape = new Circle(1);
        boolean isShape = shape instanceof Shape && !text.toString().isEmpty();
        System.out.println(isShape ? text : "none");

        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer words = new StringTokenizer(line);
            System.out.println(words.nextToken());
        }
    }
}
