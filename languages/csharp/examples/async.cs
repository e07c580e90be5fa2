using System.Threading.Tasks;

await Task.Delay(10);
return input_str + "!";
