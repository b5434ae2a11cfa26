package com.example.hello;

import io.github.cdklightsail.containers.AddDomainOptions;
import io.github.cdklightsail.containers.ContainerImage;
import io.github.cdklightsail.containers.ContainerProps;
import io.github.cdklightsail.containers.ContainerProtocol;
import io.github.cdklightsail.containers.ContainerService;
import io.github.cdklightsail.containers.ContainerServiceDeployment;
import io.github.cdklightsail.containers.ContainerServiceDeploymentOptions;
import io.github.cdklightsail.containers.ContainerServicePower;
import io.github.cdklightsail.containers.HealthCheck;
import io.github.cdklightsail.containers.PublicEndpoint;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.constructs.Construct;

public class HelloStack extends Stack {
    public HelloStack(final Construct scope, final String id, final StackProps props) {
        super(scope, id, props);

        ContainerService service = ContainerService.Builder.create(this, "Service")
                .containerServiceName("hello")
                .power(ContainerServicePower.NANO)
                .build();

        Object domainName = getNode().tryGetContext("domainName");
        if (domainName != null) {
            IHostedZone hostedZone = HostedZone.fromHostedZoneAttributes(this, "HostedZone", HostedZoneAttributes.builder()
                    .hostedZoneId(getNode().tryGetContext("hostedZoneId").toString())
                    .zoneName(domainName.toString())
                    .build());
            service.addDomain(domainName.toString(), AddDomainOptions.builder().hostedZone(hostedZone).build());
        }

        Object image = getNode().tryGetContext("image");
        ContainerServiceDeployment deployment = service.addDeployment("Deployment", ContainerServiceDeploymentOptions.builder()
                .containers(Map.of("web", ContainerProps.builder()
                        .image(ContainerImage.fromRegistry(image == null ? "public.ecr.aws/nginx/nginx:1.27" : image.toString()))
                        .ports(Map.of("80", ContainerProtocol.HTTP))
                        .build()))
                .publicEndpoint(PublicEndpoint.builder()
                        .containerName("web")
                        .containerPort(80)
                        .healthCheck(HealthCheck.builder()
                                .path("/")
                                .interval(Duration.seconds(10))
                                .successCodes("200-299")
                                .build())
                        .build())
                .build());

        CfnOutput.Builder.create(this, "Url").value(deployment.getUrl()).build();
        CfnOutput.Builder.create(this, "Version").value(deployment.getDeploymentVersion()).build();
    }
}
