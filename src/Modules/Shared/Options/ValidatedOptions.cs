using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Options;

public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section and validates it at start: unknown keys, unreadable values and data annotations, one line per error.
    /// A property with another one of its name and <c>File</c> is a secret: see <see cref="Secret"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <param name="of">The profile whose backend the options belong to; with another one they are not read.</param>
    public static OptionsBuilder<T> AddValidatedOptions<T>(
        this IServiceCollection services, string section, GatewayProfile? of = null) where T : class
    {
        services.AddSingleton(provider =>
        {
            var configuration = provider.GetRequiredService<IConfiguration>();
            var isUsed = of is null || of == GatewayOptions.Of(configuration).Profile;
            return new Section<T>(configuration.GetSection(section), isUsed);
        });
        services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<Section<T>>());
        services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<Section<T>>());
        services.AddSingleton(new KnownSection(section));
        return services.AddOptions<T>().ValidateOnStart();
    }

    /// <summary>A section, or a single key, that its module reads and validates itself.</summary>
    public static IServiceCollection AddKnownSection(this IServiceCollection services, string section)
        => services.AddSingleton(new KnownSection(section));

    /// <summary>For the composition: the setting, or the file of a secret, is given.</summary>
    public static bool IsSet(IConfiguration configuration, string key)
        => !string.IsNullOrEmpty(configuration[key]) || !string.IsNullOrEmpty(configuration[key + Secret.FileSuffix]);

    private sealed class Section<T>(IConfigurationSection section, bool isUsed) : IConfigureOptions<T>, IValidateOptions<T>
        where T : class
    {
        private readonly List<string> _unreadable = [];

        // Key by key, because the binder stops at the first unreadable value and the others would not be reported.
        public void Configure(T options)
        {
            _unreadable.Clear();
            if (!isUsed) return;
            foreach (var setting in typeof(T).GetProperties().Where(setting => setting.CanWrite))
            {
                if (Secret.FileOf(setting) is { } file) ReadSecret(setting, file, options);
                else Read(section.GetSection(setting.Name), setting, options);
            }
        }

        public ValidateOptionsResult Validate(string? name, T options)
        {
            if (!isUsed) return ValidateOptionsResult.Skip;
            var errors = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true);
            string[] lines =
            [
                .. _unreadable,
                .. UnknownKeys(section, typeof(T)).Select(key => $"{key}: is not a known key"),
                .. errors.Select(error => $"{section.Path}:{string.Join(",", error.MemberNames)}: {error.ErrorMessage}"),
            ];
            return lines.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(lines);
        }

        private void Read(IConfigurationSection value, PropertyInfo setting, T options)
        {
            if (!value.Exists()) return;
            try
            {
                if (value.Get(setting.PropertyType) is { } read) setting.SetValue(options, read);
            }
            catch (InvalidOperationException)
            {
                _unreadable.Add($"{value.Path}: '{value.Value}' is not {KindOf(setting.PropertyType)}");
            }
        }

        private void ReadSecret(PropertyInfo setting, PropertyInfo file, T options)
        {
            var secret = new Secret(section, setting, file);
            if (secret.Read() is { } read) setting.SetValue(options, read);
            _unreadable.AddRange(secret.Errors);
        }

        private static string KindOf(Type type) => type switch
        {
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a time span such as 00:00:30",
            _ => $"a {type.Name}",
        };

        private static IEnumerable<string> UnknownKeys(IConfigurationSection section, Type type)
        {
            foreach (var child in section.GetChildren())
            {
                var setting = type.GetProperties().FirstOrDefault(
                    property => property.CanWrite && property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
                if (setting is null) yield return child.Path;
                else if (setting.PropertyType.Assembly == type.Assembly && setting.PropertyType.IsClass)
                    foreach (var key in UnknownKeys(child, setting.PropertyType)) yield return key;
            }
        }
    }
}
