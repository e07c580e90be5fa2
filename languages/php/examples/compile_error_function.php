use SplMinHeap as Heap;

$heap = new Heap(;
return (string) count($heap);
