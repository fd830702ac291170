@description('Ends the name of each alert, so that two environments differ.')
param suffix string
param location string
param tags object
param workspaceId string
param namespaceId string
param rootKeyName string
param actionGroupId string

var groupId = resourceGroup().id
var alerts = loadJsonContent('../alerts.json')

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts.queries: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: alert.meaning
      severity: alert.severity
      enabled: true
      autoMitigate: true
      // The tables of a new workspace appear with their first rows.
      skipQueryValidation: true
      scopes: [workspaceId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: replace(join(alert.query, '\n'), 'ROOT_KEY_NAME', rootKeyName)
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: alert.threshold
            // Each has an alert of its own: a second one is not lost behind the first.
            dimensions: map(alert.splitBy, column => {
              name: column
              operator: 'Include'
              values: ['*']
            })
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in alerts.metrics: {
    name: '${alert.name}-${suffix}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.meaning
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [namespaceId]
      evaluationFrequency: 'PT1M'
      windowSize: alert.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            // Else the least of all queues is looked at, and the replies' is always empty.
            dimensions: alert.perQueue
              ? [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
              : []
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]

resource changeAlert 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: '${alerts.changes.name}-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: alerts.changes.meaning
    enabled: true
    scopes: [groupId]
    condition: {
      allOf: [
        { field: 'category', equals: 'Administrative' }
        { field: 'status', equals: 'Succeeded' }
        {
          anyOf: map(alerts.changes.operations, each => { field: 'operationName', equals: each })
        }
      ]
    }
    actions: { actionGroups: [{ actionGroupId: actionGroupId }] }
  }
}
