using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Host.Tests.CrashDrill.Sources;
using Gateway.TestSupport;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>A proxy before MongoDB that holds the first command of a step, as if the server did not answer.</summary>
internal sealed class ReplayStopMongo : IReplayStop, IAsyncDisposable
{
    private readonly MongoUrl _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile byte[]? _mark;

    public ReplayStopMongo(string uri)
    {
        _server = new MongoUrl(uri);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>For the process that is killed.</summary>
    public string Uri => new MongoUrlBuilder(_server.Url)
    {
        Server = new MongoServerAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port),
        DirectConnection = true,
    }.ToString();

    /// <summary>The marks are BSON: a name or a text with its type, its length or its end.</summary>
    public Task HangAsync(ReplayStep step)
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _mark = Encoding.Latin1.GetBytes(step switch
        {
            ReplayStep.Claimed => "\u0005mapped\0",
            ReplayStep.MappedSaved => "\u0002insert\0\u0007\0\0\0events\0",
            _ => "\u0007\0\0\0mapped\0",
        });
        return Task.CompletedTask;
    }

    public Task ReachedAsync() => _reached.Task.WaitAsync(Until.Timeout);

    public async Task<IReadOnlySet<string>> MappedContainersAsync()
    {
        using var client = new MongoClient(_server);
        var rows = await client.GetDatabase(_server.DatabaseName).GetCollection<BsonDocument>("events")
            .Find(new BsonDocument("mapped", new BsonDocument("$ne", BsonNull.Value))).ToListAsync();
        return rows.Select(row => row["eventId"].AsString.Replace(":", "_3a", StringComparison.Ordinal))
            .Select(id => Batch.ContainerPrefix + id).ToHashSet();
    }

    public Task ReleaseAsync()
    {
        _mark = null;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true) _ = PumpAsync(await _listener.AcceptTcpClientAsync(_end.Token));
    }

    private async Task PumpAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Server.Host, _server.Server.Port, _end.Token);
            var (asked, answering) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(SendAsync(asked, answering), answering.CopyToAsync(asked, _end.Token));
        }
    }

    /// <summary>Message by message; each begins with its length.</summary>
    private async Task SendAsync(NetworkStream from, NetworkStream to)
    {
        var length = new byte[4];
        while (true)
        {
            await from.ReadExactlyAsync(length, _end.Token);
            var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            length.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(4), _end.Token);
            if (_mark is { } mark && message.AsSpan().IndexOf(mark) >= 0)
            {
                _reached.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _end.Token);
            }

            await to.WriteAsync(message, _end.Token);
        }
    }
}
