using FluentValidation;
using Gateway.TestSupport;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Handlers and validators are found by scanning, which finds nothing as silently as it finds all.</summary>
public sealed class HandlerRegistrationTests : IAsyncDisposable
{
    private readonly GatewayHost _host = GatewayHost.Start();

    [Fact]
    public void Every_request_has_exactly_one_handler()
    {
        var requests = Written().Where(IsRequest).ToList();

        requests.ShouldNotBeEmpty();
        foreach (var request in requests)
        {
            var answer = Closed(request, typeof(IRequest<>)).GetGenericArguments()[0];
            _host.Services.GetServices(typeof(IRequestHandler<,>).MakeGenericType(request, answer))
                .Count().ShouldBe(1, $"handlers of {request.Name}");
        }
    }

    [Fact]
    public void Every_validator_is_found_by_the_type_that_it_validates()
    {
        var validators = Written().Where(type => typeof(IValidator).IsAssignableFrom(type)).ToList();

        validators.ShouldNotBeEmpty();
        foreach (var validator in validators)
        {
            _host.Services.GetServices(Closed(validator, typeof(IValidator<>)))
                .Count(found => found!.GetType() == validator).ShouldBe(1, validator.Name);
        }
    }

    [Fact]
    public void What_is_called_a_validator_validates_a_request()
        => Written().Where(type => type.Name.EndsWith("Validator", StringComparison.Ordinal) && typeof(IValidator).IsAssignableFrom(type))
            .Where(type => !IsRequest(Closed(type, typeof(IValidator<>)).GetGenericArguments()[0]))
            .ShouldBeEmpty("nobody would ever ask them");

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private static IEnumerable<Type> Written()
        => Solution.Modules.SelectMany(Solution.Types).Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false });

    private static bool IsRequest(Type type) => typeof(IBaseRequest).IsAssignableFrom(type);

    private static Type Closed(Type type, Type open)
        => type.GetInterfaces().Single(one => one.IsGenericType && one.GetGenericTypeDefinition() == open);
}
