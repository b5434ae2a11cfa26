package com.example.hello;

import software.amazon.awscdk.App;

public final class HelloLightsailApp {
    public static void main(final String[] args) {
        App app = new App();

        new HelloStack(app, "HelloLightsail", null);

        app.synth();
    }
}
