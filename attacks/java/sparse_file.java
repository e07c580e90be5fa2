//: what     files of a tebibyte and of four times the cap that hold nothing
//: id       A-032
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   held
public class Main {
    public static void main(String[] args) throws Exception {
        String result = "held";
        var file = new java.io.RandomAccessFile("/box/giant", "rw");
        for (long size : new long[] {1L << 40, 4 << 20}) {
            try {
                file.setLength(size);
                result = "ESCAPED " + size + " bytes";
            } catch (java.io.IOException error) {
                if (!error.getMessage().contains("File too large")) {
                    result = error.toString();
                }
            }
        }
        System.out.println(result);
    }
}
