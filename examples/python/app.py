#!/usr/bin/env python3
from typing import Any

from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk.aws_route53 import HostedZone
from cdk_lightsail_containers import (
    ContainerImage,
    ContainerProps,
    ContainerProtocol,
    ContainerService,
    ContainerServicePower,
    HealthCheck,
    PublicEndpoint,
)
from constructs import Construct


class HelloStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)

        service = ContainerService(
            self,
            "Service",
            container_service_name="hello",
            power=ContainerServicePower.NANO,
        )

        domain_name = self.node.try_get_context("domainName")
        if domain_name is not None:
            hosted_zone = HostedZone.from_hosted_zone_attributes(
                self,
                "HostedZone",
                hosted_zone_id=self.node.try_get_context("hostedZoneId"),
                zone_name=domain_name,
            )
            service.add_domain(domain_name, hosted_zone=hosted_zone)

        image = self.node.try_get_context("image") or "public.ecr.aws/nginx/nginx:1.27"
        deployment = service.add_deployment(
            "Deployment",
            containers={
                "web": ContainerProps(
                    image=ContainerImage.from_registry(image),
                    ports={"80": ContainerProtocol.HTTP},
                ),
            },
            public_endpoint=PublicEndpoint(
                container_name="web",
                container_port=80,
                health_check=HealthCheck(
                    path="/",
                    interval=Duration.seconds(10),
                    success_codes="200-299",
                ),
            ),
        )

        CfnOutput(self, "Url", value=deployment.url)
        CfnOutput(self, "Version", value=deployment.deployment_version)


app = App()
HelloStack(app, "HelloLightsail")
app.synth()
