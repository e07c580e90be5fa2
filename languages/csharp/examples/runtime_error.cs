class Program {
    static void Main() {
        System.Console.WriteLine(int.Parse("five"));
    }
}
