//: what     a parallel stream and futures on the common pool: benign
//: id       G-01
//: mode     function
//: expect   ok
//: output   333332833333500000 done
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
var later = CompletableFuture.supplyAsync(() -> " done");
return LongStream.range(0, 1_000_000).parallel().map(n -> n * n).sum() + later.join();
