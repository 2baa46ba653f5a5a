using FluentValidation;
using Gateway.TestSupport;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Architecture;

/// <summary>Handlers and validators are registered by scanning; a scan that misses one raises no error.</summary>
public sealed class HandlerRegistrationTests : IAsyncDisposable
{
    private readonly GatewayHost _host = GatewayHost.Start();

    [Fact]
    public void Every_request_has_exactly_one_handler()
    {
        var requests = Concrete().Where(IsRequest).ToList();

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
        var validators = Concrete().Where(type => typeof(IValidator).IsAssignableFrom(type)).ToList();

        validators.ShouldNotBeEmpty();
        foreach (var validator in validators)
        {
            _host.Services.GetServices(Closed(validator, typeof(IValidator<>)))
                .Count(found => found!.GetType() == validator).ShouldBe(1, validator.Name);
        }
    }

    [Fact]
    public void A_validator_validates_a_request()
        => Concrete().Where(type => typeof(IValidator).IsAssignableFrom(type))
            .Where(type => type.Name.EndsWith("Validator", StringComparison.Ordinal))
            .Where(type => !IsRequest(Closed(type, typeof(IValidator<>)).GetGenericArguments()[0]))
            .ShouldBeEmpty("the mediator asks only validators of requests");

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private static IEnumerable<Type> Concrete()
        => Solution.Modules.SelectMany(Solution.Types)
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false });

    private static bool IsRequest(Type type) => typeof(IBaseRequest).IsAssignableFrom(type);

    private static Type Closed(Type type, Type open)
        => type.GetInterfaces().Single(one => one.IsGenericType && one.GetGenericTypeDefinition() == open);
}
