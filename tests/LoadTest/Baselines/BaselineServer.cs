namespace Gateway.LoadTest.Baselines;

/// <summary>What baseline servers share: the gateway's server, settings of the runtime and answer, without its work.</summary>
internal static class BaselineServer
{
    public const string Listening = "Now listening on: ";

    private static readonly byte[] Accepted = """{"status":"accepted"}"""u8.ToArray();

    public static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The one line that the parent waits for.
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder.Build();
    }

    public static async ValueTask<int> ReadBodyAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted)
            {
                var length = (int)read.Buffer.Length;
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return length;
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
