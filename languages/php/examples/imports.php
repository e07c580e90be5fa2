use SplMinHeap as Heap;

$heap = new Heap();
foreach (explode(' ', $input_str) as $word) {
    $heap->insert((int) $word);
}
return implode(' ', iterator_to_array($heap, false));
