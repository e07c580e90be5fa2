object Main {
  def divide(number: Int, divisor: Int): Int =
    number / divisor

  def main(args: Array[String]): Unit =
    println(divide(1, 0))
}
