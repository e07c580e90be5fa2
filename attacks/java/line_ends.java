//: what     lines that end with carriage returns, form feeds, and escapes for both: Java knows them
//: id       A-066
//: expect   ok
//: output   3
public class Main {    // a comment \u000a static int y = 2;    public static void main(String[] args) {        int x = 1;\u000c        System.out.println(x + y);    }}