fun main() {
    val out = System.out.bufferedWriter()
    System.`in`.bufferedReader().forEachLine { line ->
        out.write(line)
        out.newLine()
    }
    out.flush()
}
