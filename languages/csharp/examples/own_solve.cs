static string solve(string input_str)
{
    return input_str + input_str;
}
