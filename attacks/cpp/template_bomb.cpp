//: what     a template that instantiates itself twice, sixty levels deep
//: id       A-053
//: set      full
//: expect   compile_error
//: error    of memory|of CPU time|longer than
template <int depth, long way> struct Tree {
    static constexpr long value = Tree<depth - 1, way * 2>::value + Tree<depth - 1, way * 2 + 1>::value;
};
template <long way> struct Tree<0, way> {
    static constexpr long value = 1;
};

int main() {
    return Tree<60, 0>::value;
}
