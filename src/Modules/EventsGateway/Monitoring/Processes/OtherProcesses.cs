using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.Shared.Redis;

namespace Gateway.EventsGateway.Monitoring.Processes;

/// <summary>What this process publishes to the others, and they to it. Embedded has no others.</summary>
internal sealed class OtherProcesses(ProcessBoard? board = null)
{
    /// <summary>The name of this process among them.</summary>
    public string OwnId { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Throws <see cref="BackendUnavailableException"/>.</summary>
    public Task PublishAsync<T>(string topic, T content)
        => board is null
            ? Task.CompletedTask
            : board.WriteAsync(topic, OwnId, JsonSerializer.Serialize(content, JsonSerializerOptions.Web));

    /// <summary>
    /// What each of the others published last, and how long ago, without the texts of another version that this one cannot read.
    /// Throws <see cref="BackendUnavailableException"/>.
    /// </summary>
    public async Task<IReadOnlyList<(T Content, TimeSpan Age)>> ReadAsync<T>(string topic) where T : class
        => board is null
            ? []
            : [.. from note in await board.ReadAsync(topic)
                  where note.Process != OwnId
                  let content = Parse<T>(note.Text)
                  where content is not null
                  select (content, note.Age)];

    /// <summary>
    /// True where this process holds the lease for <paramref name="length"/> from now; one process at a time does. Throws
    /// <see cref="BackendUnavailableException"/>.
    /// </summary>
    public Task<bool> TakeLeaseAsync(string topic, TimeSpan length)
        => board is null ? Task.FromResult(true) : board.TakeLeaseAsync(topic, OwnId, length);

    private static T? Parse<T>(string text) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
