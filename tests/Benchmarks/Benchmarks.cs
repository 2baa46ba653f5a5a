using System.Globalization;
using Gateway.Benchmarks.Worker;

namespace Gateway.Benchmarks;

/// <summary>Measuring programs, by name: <c>dotnet run -c Release --project tests/Benchmarks -- worker [events] [rounds] [slots] [delay]</c>.</summary>
internal static class Benchmarks
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not ["worker", .. var numbers])
        {
            await Console.Error.WriteLineAsync("worker [events] [rounds] [slots] [delay]: a worker on MongoDB against a bare loop on the same store or, where routing takes a delay of so many ms, against slots / delay");
            return 1;
        }

        await WorkerBenchmark.RunAsync(Number(0, 20_000), Number(1, 3), Number(2, 100), Number(3, 0));
        return 0;

        int Number(int at, int otherwise) => at < numbers.Length ? int.Parse(numbers[at], CultureInfo.InvariantCulture) : otherwise;
    }
}
