using System.Text;
using Gateway.EventsGateway.Sources.Configuration;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources.Samples;

/// <summary>The arguments <c>sources …</c> of the host.</summary>
/// <param name="loaded">The sources of this configuration.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Takes the lines.</param>
internal sealed class SourceCommands(LoadedSources loaded, TimeProvider time, TextWriter output)
{
    private const int Done = 0;
    private const int Different = 1;
    private const int Usage = 2;

    /// <returns>0, or 1 with an error or a difference, or 2 where the arguments are others.</returns>
    public int Run(IReadOnlyList<string> arguments, string address) => arguments switch
    {
        ["check"] => Check(),
        ["sample", var name] => Sample(name, address),
        _ => Explain(),
    };

    private int Explain()
    {
        output.WriteLine("sources check         reads all configured sources and maps their samples; exit code 1 on an error");
        output.WriteLine("sources sample NAME   prints a signed request of a configured source, for curl");
        output.WriteLine("rules                 prints the rules of Prometheus with the thresholds of the settings");
        output.WriteLine("Without secrets at hand, sources check runs with Gateway__Profile=Distributed Gateway__Role=Worker.");
        return Usage;
    }

    private int Check()
    {
        foreach (var error in loaded.Errors) output.WriteLine(error);
        foreach (var warning in loaded.Warnings) output.WriteLine($"{warning} (warning)");
        if (loaded.Table is null) return Different;
        var differences = loaded.Table.All.Sum(CheckSamples);
        if (loaded.Table.All.Count == 0) output.WriteLine("no source is configured");
        return differences == 0 ? Done : Different;
    }

    private int CheckSamples(Source source)
    {
        var now = time.GetUtcNow();
        var differences = source.OwnSamples.SelectMany((sample, index) => SampleCheck.DifferencesOf(source, sample, now)
            .Select(text => $"Samples[{index}] {text}")).ToList();
        foreach (var difference in differences) output.WriteLine($"sources:{source.Name}: {difference}");
        if (differences.Count == 0)
        {
            output.WriteLine(
                $"sources:{source.Name}: is right; POST {source.Path.Text}, {source.Proof.Text()}, "
                + $"{SourceFindings.Count(source.OwnSamples.Count, "sample")} as expected");
        }

        return differences.Count;
    }

    private int Sample(string name, string address)
    {
        if (loaded.Table is null) return Check();
        if (loaded.Table.ByName(name) is not { } source)
        {
            var names = string.Join(", ", loaded.Table.All.Select(one => one.Name));
            output.WriteLine($"sources:{name}: is not configured; configured are: {(names.Length == 0 ? "none" : names)}");
            return Different;
        }

        var now = time.GetUtcNow();
        var secret = source.Verifier?.Secrets.FirstOrDefault(one => one.IsLive(now));
        var sample = source.Samples.Count == 0 ? null : source.Samples[0];
        if (secret is null || sample is null || SampleSigner.Sign(source, sample, secret, now) is not { } signed)
        {
            output.WriteLine($"sources:{name}: {ObstacleOf(source, secret)}");
            return Different;
        }

        output.WriteLine(CurlOf(signed, address));
        return Done;
    }

    /// <summary>Why the sample of a source cannot be signed.</summary>
    public static string ObstacleOf(Source source, SourceSecret? secret)
    {
        if (source.Samples.Count == 0) return "has no sample; write Samples with a Body";
        if (source.Verify.Scheme == VerifyScheme.RsaSha256) return "cannot be signed here: only its sender has the private key";
        return secret is null
            ? "has no live secret here"
            : "cannot be signed here: its sample lacks a part that is signed, or the field of the proof";
    }

    private static string CurlOf(SignedSample signed, string address)
    {
        var text = new StringBuilder($"curl -i -X POST {Quoted(address + signed.Target)} \\\n");
        if (!signed.Headers.ContainsKey("content-type")) text.Append("  -H 'content-type: application/json' \\\n");
        foreach (var (name, value) in signed.Headers) text.Append($"  -H {Quoted($"{name}: {value}")} \\\n");
        return text.Append($"  --data-binary {Quoted(Encoding.UTF8.GetString(signed.Body))}").ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''")}'";
}
