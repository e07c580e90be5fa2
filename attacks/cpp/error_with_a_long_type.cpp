//: what     one error whose type is a hundred thousand letters long
//: id       A-056
//: expect   compile_error
//: error    the compiler wrote more than
template <typename First, typename Second> struct Pair {};
template <int depth> struct Twice {
    using Inner = typename Twice<depth - 1>::Type;
    using Type = Pair<Inner, Inner>;
};
template <> struct Twice<0> {
    using Type = int;
};

int main() {
    return Twice<14>::Type();
}
