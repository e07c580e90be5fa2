fun main() {
    val sum = generateSequence(::readLine).map { it.trim().toLong() }.sum()
    println(sum)
}
