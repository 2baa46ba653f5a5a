using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Display;

/// <summary>What is shown while something goes on.</summary>
internal interface IDisplay
{
    void Say(string sentence);

    Task<T> LoadAsync<T>(string title, Func<Action<Sample>, Task<T>> load);

    Task<T> DrainAsync<T>(string title, Func<Action<DrainMoment>, Task<T>> drain);
}
