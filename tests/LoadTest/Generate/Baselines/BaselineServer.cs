using System.Buffers;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>Shared by the baseline servers: Kestrel, runtime settings and response of the gateway, without its work.</summary>
internal static class BaselineServer
{
    public const string Listening = "Now listening on: ";

    private static readonly byte[] Accepted = """{"status":"accepted"}"""u8.ToArray();

    public static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The parent process waits for this line.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder.Build();
    }

    /// <summary>Runs until the parent process closes the standard input or ends.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        // Ctrl+C reaches the whole process group; only the parent handles it.
        Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
        await app.StartAsync();
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public static async ValueTask<byte[]> ReadBodyAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static ValueTask AcceptAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = Accepted.Length;
        return http.Response.Body.WriteAsync(Accepted, http.RequestAborted);
    }
}
