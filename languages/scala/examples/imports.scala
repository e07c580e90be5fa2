import scala.collection.immutable.TreeSet

val numbers = TreeSet(input_str.split(" ").map(_.toInt): _*)
numbers.mkString(" ")
