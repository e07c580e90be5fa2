class Program {
    static void Main() {
        int number = "five";
        System.Console.WriteLine(number);
    }
}
