import scala.io.Source

object Main extends App {
  println(Source.stdin.getLines().map(_.trim.toInt).sum)
}
